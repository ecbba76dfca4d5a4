import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { MAX_VOCABULARY, MIN_VOCABULARY, trainBpe } from '../../../src-shared/tokenizer/bpe-train.ts'
import { SPLIT_PATTERN, splitRegExp } from '../../../src-shared/tokenizer/split.ts'
import { anyText, trainingText } from './texts.ts'

const letter = (text: string) => text.charCodeAt(0)

/** The algorithm as the paper states it, without any of the trainer's shortcuts. */
function slowMerges(text: string, wanted: number): number[] {
  const words = (text.match(splitRegExp(SPLIT_PATTERN)) ?? []).map(chunk => [
    ...new TextEncoder().encode(chunk),
  ])
  const spelling = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  const merges: number[] = []
  while (merges.length / 2 < wanted) {
    const counts = new Map<string, number>()
    for (const word of words)
      for (let i = 0; i + 1 < word.length; i++) {
        const key = `${word[i]} ${word[i + 1]}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    const best = [...counts]
      .map(([key, count]) => ({ pair: key.split(' ').map(Number) as [number, number], count }))
      .filter(({ pair, count }) => count >= 2 && !spelling.includes(spelling[pair[0]]! + spelling[pair[1]]!))
      .sort((x, y) => y.count - x.count || x.pair[0] - y.pair[0] || x.pair[1] - y.pair[1])[0]
    if (!best) break
    const [left, right] = best.pair
    const id = spelling.push(spelling[left]! + spelling[right]!) - 1
    merges.push(left, right)
    for (const word of words)
      for (let i = 0; i + 1 < word.length; i++)
        if (word[i] === left && word[i + 1] === right) word.splice(i, 2, id)
  }
  return merges
}

describe('the BPE trainer', () => {
  it('makes the merges that a hand makes', () => {
    // Chunks: "aab" ×2, " aab" ×1. Pairs: aa 3, ab 3, " a" 1. aa and ab tie: the lower wins. Then (aa)b 3, then nothing twice.
    const { merges, vocabularySize, uses, tokens, bytes } = trainBpe(['aab', 'aab aab'], 300)
    expect([...merges]).toEqual([letter('a'), letter('a'), 256, letter('b')])
    expect(vocabularySize).toBe(MIN_VOCABULARY + 2)
    expect(uses[257]).toBe(3)
    expect(uses[letter(' ')]).toBe(1)
    expect([tokens, bytes]).toEqual([4, 10])
  })

  it('agrees with the plain algorithm on any text', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (texts, wanted) => {
        const text = texts.join('').toWellFormed()
        fc.pre(text.length > 0)
        expect([...trainBpe([text], MIN_VOCABULARY + wanted).merges]).toEqual(slowMerges(text, wanted))
      }),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 200 }), text => {
        expect([...trainBpe([text], MIN_VOCABULARY + 60).merges]).toEqual(slowMerges(text, 60))
      }),
      { numRuns: 150 },
    )
  })

  it('gives each token once, and the uses that encoding the text gives', () => {
    const training = trainBpe([trainingText], 600)
    const tokenizer = new BpeTokenizer({ merges: training.merges })
    const spellings = Array.from({ length: 600 }, (_, id) => tokenizer.tokenBytes(id).join()).filter(Boolean)
    expect(new Set(spellings).size).toBe(spellings.length)
    const uses = new Float64Array(600)
    const ids = tokenizer.encode(trainingText)
    for (const id of ids) uses[id]!++
    expect(training.uses).toEqual(uses)
    expect(training.tokens).toBe(ids.length)
    expect(training.bytes).toBe(new TextEncoder().encode(trainingText).length)
  })

  it('gives the same merges again, and a smaller vocabulary is the start of a larger one', () => {
    const { merges } = trainBpe([trainingText], 600)
    expect(trainBpe([trainingText], 600).merges).toEqual(merges)
    expect(trainBpe([trainingText], 400).merges).toEqual(merges.slice(0, 2 * (400 - MIN_VOCABULARY)))
  })

  it('streams its texts and reports each merge', () => {
    let read = 0
    function* texts() {
      for (; read < 50; read++) yield `text number ${read}\n`
    }
    const reports: number[][] = []
    const { merges } = trainBpe(texts(), 280, (done, wanted) => reports.push([done, wanted]))
    expect(read).toBe(50)
    expect(reports).toEqual(
      Array.from({ length: merges.length / 2 }, (_, i) => [i + 1, 280 - MIN_VOCABULARY]),
    )
  })

  it('makes a smaller vocabulary, and says so, when no pair comes twice any more', () => {
    expect(trainBpe(['abcdefg'], 5000).vocabularySize).toBe(MIN_VOCABULARY)
  })

  it('allows the bytes alone, and refuses what is impossible with the way out', () => {
    expect(trainBpe(['aaaa'], MIN_VOCABULARY).merges.length).toBe(0)
    for (const size of [0, 256, MIN_VOCABULARY - 1, 300.5, MAX_VOCABULARY + 1, Number.NaN])
      expect(() => trainBpe(['aaaa'], size)).toThrow(/a vocabulary of .* is impossible .*Choose/)
    expect(() => trainBpe([], 300)).toThrow(LabError)
    expect(() => trainBpe(['', ''], 300)).toThrow(/there is no text/)
  })

  it('drops the rarest chunks, and says how many, when a text has too many different ones', () => {
    // Half a million different 16-letter words, and one word that is not rare.
    function* texts() {
      for (let i = 0; i < 500_000; i += 1000) {
        let text = ''
        for (let j = i; j < i + 1000; j++)
          text += ` ${j.toString(2).padStart(20, '0').replaceAll('0', 'k').replaceAll('1', 'v')} often`
        yield text
      }
    }
    const { droppedChunks, merges } = trainBpe(texts(), 300)
    expect(droppedChunks).toBeGreaterThan(100_000)
    expect(droppedChunks).toBeLessThan(500_000)
    const tokenizer = new BpeTokenizer({ merges })
    expect(tokenizer.encode(' often').length).toBe(1)
  })
})
