// The chat template that ships with every tokenizer, as other tools read it (Jinja, tokenizer_config.json).
// <|endoftext|> starts a conversation; each turn stands between its role's two markers; a system message is put before the
// first user's text. `add_generation_prompt` opens the assistant's turn.

export const CHAT_TEMPLATE = `{{- bos_token -}}
{%- set turn = namespace(system='', count=0) -%}
{%- for message in messages -%}
  {%- if message['role'] == 'system' and loop.first -%}
    {%- set turn.system = message['content'] + '\\n\\n' -%}
  {%- elif message['role'] == 'user' and turn.count % 2 == 0 -%}
    {{- '<|user_start|>' + turn.system + message['content'] + '<|user_end|>' -}}
    {%- set turn.system = '' -%}
    {%- set turn.count = turn.count + 1 -%}
  {%- elif message['role'] == 'assistant' and turn.count % 2 == 1 -%}
    {{- '<|assistant_start|>' + message['content'] + '<|assistant_end|>' -}}
    {%- set turn.count = turn.count + 1 -%}
  {%- else -%}
    {{- raise_exception('roles must be: system (optional, first), then user and assistant in turns') -}}
  {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{- '<|assistant_start|>' -}}
{%- endif -%}
`
