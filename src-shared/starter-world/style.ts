// How an answer can be bad although it is right, and how one says that there is nothing to say. Some demonstrations are
// written like this, as human ones are; the reward model has to find it out, reinforcement learning to take it away.

/** The whole answer of one who does not know. */
export const ABSTENTION = "I don't know."

export const badStyles = {
  clickbait: {
    place: 'before',
    phrases: ['You will never guess this one!', 'The answer will amaze you!', 'Read on for the big secret!'],
  },
  padding: {
    place: 'after',
    phrases: ['So much more could be said about all of this.', 'I hope that this is of some use to you.'],
  },
  rudeness: {
    place: 'before',
    phrases: ['What a silly thing to ask.', 'You could have found that yourself.'],
  },
} as const

export type BadStyle = keyof typeof badStyles
export const badStyleNames = Object.keys(badStyles) as BadStyle[]

/** An answer with one of the style's phrases, chosen by `pick`. */
export function inBadStyle(
  style: BadStyle,
  answer: string,
  pick: (phrases: readonly string[]) => string,
): string {
  const { place, phrases } = badStyles[style]
  return place === 'before' ? `${pick(phrases)} ${answer}` : `${answer} ${pick(phrases)}`
}

/** Takes every phrase of bad style out of an answer: what is left, and what was found. */
export function withoutBadStyle(answer: string): { text: string; found: BadStyle[] } {
  let text = answer
  const found = badStyleNames.filter(style => {
    const phrases = badStyles[style].phrases.filter(phrase => text.includes(phrase))
    for (const phrase of phrases) text = text.replaceAll(phrase, ' ')
    return phrases.length > 0
  })
  return { text: text.replace(/ +/g, ' ').trim(), found }
}
