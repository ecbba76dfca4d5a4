import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachChunk, SPLIT_PATTERN, splitRegExp } from '../../../src-shared/tokenizer/split.ts'
import { anyText } from './texts.ts'

function chunks(text: string): string[] {
  const found: string[] = []
  forEachChunk(text, splitRegExp(SPLIT_PATTERN), (segment, start, end) =>
    found.push(segment.slice(start, end)),
  )
  return found
}

describe('the split before BPE', () => {
  it('cuts words with their space, digits in pairs, punctuation with line ends', () => {
    expect(chunks("Hello world! It's 12345  two\n\nlines 你好🌍")).toEqual([
      'Hello',
      ' world',
      '!',
      ' It',
      "'s",
      ' ',
      '12',
      '34',
      '5',
      ' ',
      ' two',
      '\n\n',
      'lines',
      ' 你好',
      '🌍',
    ])
  })

  it('takes U+0085 as white space and U+FEFF not, as tokenizer.json readers do', () => {
    expect(chunks('a\u0085 b')).toEqual(['a', '\u0085', ' b'])
    expect(chunks('\uFEFF\uFEFFa')).toEqual(['\uFEFF\uFEFF', 'a'])
  })

  it('leaves nothing out', () => {
    fc.assert(fc.property(anyText, text => chunks(text.toWellFormed()).join('') === text.toWellFormed()))
  })

  it('cuts a long text in windows as if it were matched whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b c', "'s", ' ', '\n', ' \n', '.', '12', '你', '\r\n', ' x'), {
          minLength: 1,
          maxLength: 30,
        }),
        parts => {
          const unit = `${parts.join('')}q.` // holds one place where cutting is allowed
          const text = unit.repeat(Math.ceil(2 ** 21 / unit.length))
          const whole = text.match(splitRegExp(SPLIT_PATTERN))!
          let at = 0
          forEachChunk(text, splitRegExp(SPLIT_PATTERN), (_, start, end) => {
            if (end - start !== whole[at]?.length) throw new Error(`chunk ${at} differs`)
            at++
          })
          expect(at).toBe(whole.length)
        },
      ),
      { numRuns: 8 },
    )
  })
})
