// A text of the tests' own: few words, many sentences, so that a tiny model has something to learn within seconds.

const pick = (words: readonly string[], i: number) => words[i % words.length]!
const sentence = (i: number) =>
  `The ${pick(['red', 'grey', 'old', 'young'], i)} ${pick(['fox', 'hare', 'owl'], i)} ${pick(['sleeps', 'waits', 'hides', 'sings', 'walks'], i)} under the ${pick(['oak', 'elm', 'beech', 'fir', 'ash', 'birch', 'willow'], i)}.`

/** 420 different sentences, 15 kB. */
export const forestText = Array.from({ length: 420 }, (_, i) => sentence(i)).join('\n')

/** What a person may ask about it, and how to respond: 120 demonstrations. */
export const forestQuestions = Array.from({ length: 120 }, (_, i) => sentence(i)).map(completion => ({
  prompt: `Who is under the ${completion.split(' ').at(-1)!.replace('.', '')}?`,
  completion,
}))
