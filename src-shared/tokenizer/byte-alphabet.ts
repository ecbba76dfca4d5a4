// How tokenizer.json spells bytes: GPT-2's bytes_to_unicode. Printable Latin-1 stands for itself, the other 68 bytes for
// U+0100 and up, so that every token is a readable JSON string without spaces.

const isPrintable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)

const characterOfByte: string[] = []
for (let byte = 0, next = 0x100; byte < 256; byte++)
  characterOfByte.push(String.fromCharCode(isPrintable(byte) ? byte : next++))

/** Bytes as tokenizer.json spells them: one character per byte. */
export function spellBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += characterOfByte[byte]
  return text
}
