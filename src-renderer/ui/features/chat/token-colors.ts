// What the tokens of an answer are coloured by, and the shades of KL: how much likelier a token is than under the
// fine-tuned model.

/** `surprise`: how unlikely the model held the token. `kl`: how much likelier it is than under the fine-tuned model. */
export type Coloring = 'surprise' | 'kl' | null

/** Nats from which a token counts as a little, 2 times, 10 times likelier, or less likely. */
const STEPS = [0.1, Math.LN2, Math.LN10] as const

export type KlShade = 'less3' | 'less2' | 'less1' | 'same' | 'more1' | 'more2' | 'more3'

/** @param nats log π − log π_SFT */
export function klShade(nats: number): KlShade {
  const size = STEPS.filter(step => Math.abs(nats) >= step).length
  return size === 0 ? 'same' : (`${nats < 0 ? 'less' : 'more'}${size}` as KlShade)
}

/** For a legend, from the least likely to the likeliest. */
export const klShades: readonly { readonly shade: KlShade; readonly name: string }[] = [
  { shade: 'less3', name: '10 times less likely than under SFT' },
  { shade: 'less2', name: '2 times' },
  { shade: 'less1', name: 'a little' },
  { shade: 'same', name: 'as likely' },
  { shade: 'more1', name: 'a little' },
  { shade: 'more2', name: '2 times' },
  { shade: 'more3', name: '10 times likelier' },
]
