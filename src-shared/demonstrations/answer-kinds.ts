// How a text that was written after a question stands to it. A base model continues a question as documents do: often with
// more questions, or with talk about it. The article shows this with Gemma; here it is counted, by rules that anyone can
// check by hand.
import type { AnswerKind } from '../contract/sft-contract.ts'

/** The rules as they are shown, in the order in which they are tried. All look at the first sentence alone. */
export const answerKindRules: readonly {
  readonly kind: AnswerKind
  readonly title: string
  readonly rule: string
}[] = [
  {
    kind: 'asks-more',
    title: 'asks more questions',
    rule: 'ends with a question mark, or begins as a request does: “Tell me”, “I would like to know” …',
  },
  {
    kind: 'talks-about-it',
    title: 'talks about the question',
    rule: 'is about the question or those who ask it: “Many people ask this”, “Nobody could say” …',
  },
  {
    kind: 'answers',
    title: 'answers it',
    rule: 'is a statement that is neither the question again nor an “I don’t know”; where it is known what kind of thing is asked for, it names one',
  },
  {
    kind: 'other',
    title: 'other',
    rule: 'is none of these: nothing at all, the question again, “I don’t know” …',
  },
]

/** Sentence ends: a stop before a space, a closing quote or the end of the text, so not the one in 4.2; or a line's end. */
const SENTENCE = /^.*?(?:[.?!…]+["'”’»)\]]*(?=\s|$)|(?=\n)|$)/su
const REQUEST =
  /^please\b|^(?:tell|explain to|show|remind|help) (?:me|us)\b|^(?:explain|describe|list|name) |\bi (?:would like|'d like|want|wish|need) to (?:know|ask)\b|^i wonder\b/
const ABOUT_IT =
  /\bquestions?\b|\bask(?:s|ed|ing)?\b|\b(?:nobody|no one|none of (?:us|them)) (?:\w+ ){0,6}(?:knows?|knew|says?|said|tells?|told|answers?|answered)\b|^who knows\b|\b(?:good|great|hard|strange|big) one\b/
const ABSTAINS =
  /\b(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't) (?:know|say|tell|answer)\b|\bi(?:'m| am) not sure\b/

/**
 * @param text what was written after the question, without the token that ended it
 * @param values what could be an answer, where that is known, as all islands are for "Where does she live?"
 */
export function answerKind(
  question: string,
  text: string,
  values: readonly string[] | null = null,
): AnswerKind {
  const first = firstSentence(text)
  const said = plain(first)
  if (said === '') return 'other'
  if (/\?["'”’»)\]]*$/u.test(first) || REQUEST.test(said)) return 'asks-more'
  if (ABSTAINS.test(said)) return 'other'
  if (ABOUT_IT.test(said)) return 'talks-about-it'
  if (plain(text) === plain(question)) return 'other'
  return values === null || values.some(value => holds(said, plain(value))) ? 'answers' : 'other'
}

/** Before it: the mark of a list, and who speaks, as `- `, `A: `, `Mitov answered: ` or `Mitov` on a line of its own. */
const BEFORE = /^(?:[-*•–]\s+|\d+[.)]\s+)?(?:\p{L}+(?: \p{L}+)?:\s+|\p{Lu}\p{L}*\n+(?=\S))?/u

const firstSentence = (text: string): string => SENTENCE.exec(text.trimStart().replace(BEFORE, ''))![0].trim()

/** Words and spaces in lower case, apostrophes kept. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
    .trim()

/** Whether the words of `value` stand in `text`, whole. */
const holds = (text: string, value: string): boolean => value !== '' && ` ${text} `.includes(` ${value} `)
