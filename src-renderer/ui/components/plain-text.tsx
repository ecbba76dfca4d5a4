// Text that others wrote (names, samples, model output): always a text node, and what cannot be seen is made visible.
// Tab, line feed and the joiners that Persian, Hindi and emoji are written with stay as they are.
const INVISIBLE = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** Control characters as their pictures (␀ … ␡), bidi and zero-width ones as `⟨U+202E⟩`. */
export const visible = (text: string): string =>
  text.replace(INVISIBLE, char => {
    const code = char.codePointAt(0)!
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '␡'
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })

export function PlainText({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <bdi
      className={mono ? 'mono' : undefined}
      style={mono ? { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } : undefined}
    >
      {visible(text)}
    </bdi>
  )
}
