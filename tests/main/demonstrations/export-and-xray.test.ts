// A set as a file for other tools, and a row as the trainer sees it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SplitWriter } from '../../../src-main/core/corpora/document-writer.ts'
import { nameOf } from '../../../src-main/core/workspace/export-file.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { openDemonstrations, turn } from './open-demonstrations.ts'

describe('an export', () => {
  it('writes messages that an import takes back, row by row, and never over a file', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.call('demonstrations.create', { name: 'a/b: "c"' })
    const rows = [
      turn('q\r\n', ' "a"\u2028'),
      [{ role: 'system' as const, content: 's' }, ...turn('1', '2'), ...turn('3', '🌍')],
      turn('gone', 'gone'),
    ]
    for (const messages of rows) await lab.call('demonstrations.add', { set, messages })
    await lab.call('demonstrations.removeRows', { set, numbers: [2] })
    const first = await lab.call('demonstrations.export', { set })
    expect(first).toEqual({ path: join(lab.workspace.folder('exports'), 'a b c.jsonl'), rows: 2 })
    const text = readFileSync(first.path, 'utf8')
    expect(text).toBe(
      rows
        .slice(0, 2)
        .map(messages => `${JSON.stringify({ messages })}\n`)
        .join(''),
    )
    writeFileSync(first.path, 'mine')
    const second = await lab.call('demonstrations.export', { set })
    expect(basename(second.path)).toBe('a b c (2).jsonl')
    expect(readFileSync(first.path, 'utf8')).toBe('mine')
    expect(readdirSync(lab.workspace.folder('exports'))).toHaveLength(2)
    const back = await lab.importFiles({ 'back.jsonl': text })
    expect([...lab.demonstrations.rows(back.set)].map(({ messages }) => messages)).toEqual(rows.slice(0, 2))
  })

  it('keeps use cases, tags and weights, which an import reads back', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.call('demonstrations.create', { name: 'Labelled' })
    const weighted = [{ role: 'assistant' as const, content: '2', weight: 0 as const }]
    const rows = [
      { messages: turn('a', 'b'), useCase: 'open-qa' as const, tags: ['z', 'y'] },
      { messages: [turn('1', '2')[0]!, ...weighted, ...turn('3', '4')], useCase: null, tags: [] },
    ]
    for (const row of rows) await lab.call('demonstrations.add', { set, ...row })
    const { path } = await lab.call('demonstrations.export', { set })
    const text = readFileSync(path, 'utf8')
    expect(
      text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual(rows.map(({ messages, useCase, tags }) => ({ messages, use_case: useCase, tags })))
    const back = await lab.importFiles({ 'back.jsonl': text })
    expect([...lab.demonstrations.rows(back.set)]).toEqual(rows.map((row, number) => ({ number, ...row })))
    expect(await lab.importFiles({ 'back.jsonl': text }, { into: set })).toMatchObject({ duplicates: 2 })
  })

  it.each([
    ['..', 'export'],
    ['../../etc/passwd', 'etc passwd'],
    ['CON', 'export CON'],
    ['nul.txt', 'nul txt'],
    ['a\u202etxt.exe', 'a txt exe'],
    ['x'.repeat(200), 'x'.repeat(60)],
    [`${'x'.repeat(59)}🌍`, 'x'.repeat(59)],
  ])('calls %s by a name that every system takes: %s', (name, expected) => {
    expect(nameOf(name)).toBe(expected)
  })

  it('fits where names are counted in bytes, and leaves nothing beside it', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.call('demonstrations.create', { name: '示'.repeat(80) })
    await lab.call('demonstrations.add', { set, messages: turn('a', 'b') })
    const { path } = await lab.call('demonstrations.export', { set })
    expect(readdirSync(lab.workspace.folder('exports'))).toEqual([basename(path)])
  })
})

describe('the mask x-ray', () => {
  const open = async () => {
    const lab = openDemonstrations()
    const job = lab.tokenizers.startTraining({ kind: 'character', corpora: [corpus(lab.root)] })
    const { id } = await lab.jobs.wait<{ id: string }>(job.job)
    return { lab, tokenizer: id }
  }
  function corpus(root: string) {
    const folder = join(root, 'corpus')
    mkdirSync(folder)
    for (const split of ['train', 'validation'] as const) {
      const writer = new SplitWriter(folder, split)
      writer.append({ file: 'a.txt', line: 1, continues: false, text: 'abcdefghijklmnopqrstuvwxyz <>|_' })
      writer.finish()
    }
    return { id: 'corpus-1', name: 'Letters', folder }
  }

  it('lights the answers and their ends, as the trainer takes them', async () => {
    const { lab, tokenizer } = await open()
    const messages = [...turn('ab', 'cd'), ...turn('e', '<|user_start|>')]
    const xray = await lab.call('demonstrations.xray', { messages, tokenizer })
    const rendered = renderChat(await lab.tokenizers.get(tokenizer), messages)
    expect(xray.pieces.map(({ id }) => id)).toEqual(rendered.tokens)
    const lit = xray.pieces.flatMap(({ text }, i) => (xray.trained[i] ? [text] : []))
    expect(lit).toEqual(['c', 'd', '<|assistant_end|>', ...'<|user_start|>', '<|assistant_end|>'])
    expect(xray).toMatchObject({ contextLength: null, problem: null, leftOut: 0 })
  })

  it('leaves an answer of weight 0 dark, its end included', async () => {
    const { lab, tokenizer } = await open()
    const [asked, answered] = turn('ab', 'cd')
    const messages = [asked!, { ...answered!, weight: 0 as const }, ...turn('e', 'f')]
    const xray = await lab.call('demonstrations.xray', { messages, tokenizer })
    const lit = xray.pieces.flatMap(({ text }, i) => (xray.trained[i] ? [text] : []))
    expect(lit).toEqual(['f', '<|assistant_end|>'])
  })

  it('says why a row would be refused, and what it needs', async () => {
    const { lab, tokenizer } = await open()
    const asked = [{ role: 'user' as const, content: 'a' }]
    const { problem } = await lab.call('demonstrations.xray', { messages: asked, tokenizer })
    expect(problem).toMatch(/^no token would be trained on/)
    await expect(lab.call('demonstrations.xray', { messages: asked })).rejects.toThrow(
      'Choose a checkpoint, or a tokenizer',
    )
    await expect(lab.call('demonstrations.xray', { messages: asked, tokenizer: 'gpt2' })).rejects.toThrow(
      /has no <\||there is no tokenizer/,
    )
    await expect(lab.call('demonstrations.xray', { messages: asked, checkpoint: 'none' })).rejects.toThrow(
      'none',
    )
  })

  it('draws the beginning of a very long row and says how much is left out', async () => {
    const { lab, tokenizer } = await open()
    const xray = await lab.call('demonstrations.xray', { messages: turn('a'.repeat(30_000), 'b'), tokenizer })
    expect(xray.pieces).toHaveLength(20_000)
    expect(xray.trained).toHaveLength(20_000)
    expect(xray.leftOut).toBe(30_000 + 6 - 20_000)
    expect(xray.problem).toBeNull()
  })
})
