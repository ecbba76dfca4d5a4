// Texts that tokenizers trip over, and a trained tokenizer to try them on.
import fc from 'fast-check'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { trainBpe } from '../../../src-shared/tokenizer/bpe-train.ts'

export const trickyTexts = [
  '',
  ' ',
  'a',
  "It's John's book, they'll say we've DON'T I'D 'sun 'xyz ''s",
  'Andromeda 12345 3.14159 ½ Ⅷ ٣٤٥ x²',
  'function f(a, b) {\n\treturn a[0] !== b?.c ** 2 // done\n}\r\n\r\n',
  '你好，世界！日本語のテキスト。한국어 문장입니다',
  '🌍👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 é ﬁ ſ',
  '   leading,  double   and trailing   ',
  '\n\n \n\t x\n  y \n',
  'a\u00a0b\u2003c\u0085d\u2028e\u3000f',
  '\uFEFFbyte order mark \uFEFF inside\uFEFF',
  'nul \u0000 bell \u0007 esc \u001b[0m',
  '\u{10FFFF}\uFFFD\uFFFE',
  'zero\u200bwidth\u200d joiner\u00ad',
  '__proto__ constructor toString hasOwnProperty',
  'ààà ÀÈÌ ß straße Σίσυφος Привет мир नमस्ते สวัสดี',
  'the the the the cat sat on the mat. The cat!',
  `${'ab'.repeat(300)} ${'='.repeat(200)} ${' '.repeat(150)}end`,
]

/** Any string, lone surrogates among them, weighted towards what splits differ on. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map(units => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          'Z',
          'é',
          '你',
          '1',
          '٣',
          ' ',
          '\n',
          '\r',
          '\t',
          '\u00a0',
          '\u0085',
          '\uFEFF',
          "'",
          "'s",
          "'LL",
        ],
        ...['.', '_', '🌍', '\u0301', '\uD83C', '\uDF0D', 'the', ' the', '\n\n'],
      ),
      { maxLength: 40 },
    )
    .map(parts => parts.join('')),
)

export const trainingText = trickyTexts.join('\n').repeat(3)

export function trainedBpe(vocabularySize = 500): BpeTokenizer {
  return new BpeTokenizer({ merges: trainBpe([trainingText], vocabularySize).merges })
}
