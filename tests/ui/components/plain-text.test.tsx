import fc from 'fast-check'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { PlainText, visible } from '../../../src-renderer/ui/components/plain-text.tsx'

test('a right-to-left override cannot disguise a name', () => {
  expect(visible('photo\u202Egnp.exe')).toBe('photo⟨U+202E⟩gnp.exe')
})

test('control characters become their pictures, tabs and line feeds stay', () => {
  expect(visible('a\0b\x1b[31mc\x7f\td\ne\r')).toBe('a␀b␛[31mc␡\td\ne␍')
})

test('hidden tag characters are shown, joiners of emoji and scripts are left alone', () => {
  expect(visible('hi\u{E0041}')).toBe('hi⟨U+E0041⟩')
  expect(visible('👩\u200d🔬 می\u200cخواهم')).toBe('👩\u200d🔬 می\u200cخواهم')
})

test('markup is text', () => {
  expect(renderToString(<PlainText text="<script>alert(1)</script>" />)).not.toContain('<script>')
})

test('nothing invisible is left in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(visible(text)).not.toMatch(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/u)
    }),
  )
})
