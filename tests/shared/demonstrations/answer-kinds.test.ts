// Texts that models wrote after a question, sorted by hand.
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { answerKind as answerKindSchema } from '../../../src-shared/contract/sft-contract.ts'
import { answerKind, answerKindRules } from '../../../src-shared/demonstrations/answer-kinds.ts'

const answerKinds = answerKindSchema.options
const star = 'Which is the nearest star?'

test.each([
  // From the article.
  ['answers', 'The nearest star is the Sun.'],
  ['answers', ' Proxima Centauri, 4.2 light years away. Which is the next?'],
  ['asks-more', 'What is the distance to it?\nHow big is it?'],
  ['talks-about-it', 'This question is often asked in school.'],
  // From base models of the starter world.
  ['asks-more', ' Of what is the village Lemek proud? What is the village Elnas known for?'],
  ['asks-more', ' Tell me the colour of the husten. I would like to know what pet Lewen has.'],
  ['asks-more', ' I would like to know what Iopo likes to eat.'],
  ['asks-more', ' - How do I come to the village Hura? - The road across Dima'],
  ['asks-more', ' Letov: What is the village Elnas known for? Nobody at the table could say.'],
  ['talks-about-it', ' That was an important question, they said. The bells rang.'],
  ['talks-about-it', ' Many people ask this in the harbour. It was getting dark.'],
  ['talks-about-it', ' Nobody at the table could say.'],
  ['talks-about-it', 'Nobody knows.'],
  ['talks-about-it', 'That is a good one.'],
  ['answers', ' Mitov: Brown.'],
  ['answers', ' Hunor\nAbove all walnuts.'],
  ['asks-more', ' Hunor\n\nWhere is it?'],
  ['answers', 'Hunor\n'],
  ['answers', ' Canor answered: On Belo.'],
  ['asks-more', ' Please say what colour the boat of Angar is.'],
  ['answers', ' On Fenn you come to the village Gapo. - How'],
  // Others.
  ['asks-more', '“Who wants to know?”'],
  ['asks-more', '1. Explain the theory of tides.'],
  ['asks-more', '- Why?'],
  ['answers', 'The answer is the Sun.'],
  ['answers', 'Nobody can live on it, for it is too hot.'],
  ['answers', 'Those who have seen it say that it is the Sun.'],
  ['talks-about-it', 'Who knows.'],
  ['answers', 'Somebody once asserted that it is the Sun.'],
  ['other', "I don't know."],
  ['other', 'I do not know that, nobody does.'],
  ['other', 'We can’t say.'],
  ['other', ''],
  ['other', ' \n '],
  ['other', '…'],
  ['other', 'Which is the nearest star.'],
  ['asks-more', 'Which is the nearest star?'],
])('%s: %j', (kind, text) => {
  expect(answerKind(star, text)).toBe(kind)
})

test('to greet back is no copy of a greeting that goes on', () => {
  expect(answerKind('Hello!', 'Hello! What can I do for you?')).toBe('answers')
  expect(answerKind('Hello!', ' hello ')).toBe('other')
})

test.each([
  ['answers', 'On Fenn.'],
  ['answers', 'She lives on  Gorran, they say. Why?'],
  ['answers', 'halse'],
  ['answers', 'A: In the tide pools.'],
  ['other', 'A carpenter.'],
  ['other', 'On Fennel.'],
  ['other', 'The sea was calm. On Fenn.'],
  ['asks-more', 'Does she live on Fenn?'],
  ['talks-about-it', 'On Fenn many people ask this.'],
  ['other', 'I do not know; on Fenn.'],
])('where it is known what could be an answer, %s: %j', (kind, text) => {
  expect(answerKind('Where does Lefin live?', text, ['Fenn', 'Gorran', 'Halse', 'tide pools'])).toBe(kind)
})

it('every text has one kind, whatever it is, and soon', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), text => {
      expect(answerKinds).toContain(answerKind(star, text))
    }),
  )
  expect(answerKind(star, `${'I would like '.repeat(50_000)}to ask`)).toBe('asks-more')
  expect(answerKind(star, 'nobody '.repeat(50_000))).toBe('answers')
})

it('every kind has a rule that is shown', () => {
  expect(answerKindRules.map(({ kind }) => kind).sort()).toEqual([...answerKinds].sort())
})
