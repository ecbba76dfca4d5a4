// Pairs of answers of which it is known which one is better, where a run's preferences are about a starter world: facts,
// names and tasks that no phase has met.
import { responseTokens } from '../../../src-shared/batches/preference-example.ts'
import { type ProbePair, truthProbe } from '../../../src-shared/starter-world/truth-probe.ts'
import { makeWorld, type World } from '../../../src-shared/starter-world/world.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'

export interface KnownPair extends ProbePair {
  /** What it is about: pairs about the same fact stand or fall together. */
  readonly about: string
}

/** Pairs that do not fit the model's context are left out. */
export function pairsOfWorld(seed: number, tokenizer: Tokenizer, contextLength: number): KnownPair[] {
  const world = makeWorld(seed)
  const fits = (prompt: string, text: string) =>
    responseTokens(tokenizer, asked(prompt), { text, stopped: true }).length <= contextLength
  return truthProbe(world, 'test')
    .filter(({ prompt, better, worse }) => fits(prompt, better) && fits(prompt, worse))
    .map(pair => ({ ...pair, about: `${seed}: ${aboutOf(world, pair)}` }))
}

/** The question as a conversation. */
export const asked = (prompt: string) => [{ role: 'user' as const, content: prompt }]

/** A fact, in whatever words it is asked for; else the question. */
function aboutOf(world: World, { prompt, attribute }: ProbePair): string {
  const words = new Set(prompt.toLowerCase().match(/\p{L}+/gu))
  const entity = attribute && world.entities.find(({ name }) => words.has(name.toLowerCase()))
  return entity ? `${attribute} of ${entity.name}` : prompt
}
