// What a run is called when nobody named it: its text and its shape, counted on where that name is taken.
import type { CorpusSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { freeName } from '../../../components/training/free-name.ts'
import type { Share } from './mixture-shares.ts'
import { modelOf, type Recipe } from './recipe.ts'

export function defaultRunName(
  recipe: Pick<Recipe, 'sources' | 'model'>,
  corpora: readonly Pick<CorpusSummary, 'id' | 'name' | 'kind'>[],
  runs: readonly Pick<RunSummary, 'name'>[],
): string {
  const read = recipe.sources.filter(s => s.share > 0)
  const taken = new Set(runs.map(r => r.name))
  const texts = read.flatMap(s => corpora.filter(c => c.id === s.corpus))
  const { nLayer, nEmbd } = modelOf(recipe)
  const shape = ` ${nLayer}x${nEmbd}`
  const text = mixtureName(read, texts)
  return freeName(text, shape, taken)
}

/** The world that all sources are of; else the text read most, and how many there are beside it. */
function mixtureName(
  read: readonly Share[],
  texts: readonly Pick<CorpusSummary, 'id' | 'name' | 'kind'>[],
): string {
  const heaviest = read.reduce((a, b) => (b.share > a.share ? b : a)).corpus
  const name = texts.find(c => c.id === heaviest)?.name ?? 'text'
  if (texts.length < 2) return name
  const world = name.split(': ', 1)[0]!
  if (texts.every(c => c.kind === 'starter-world' && c.name.startsWith(`${world}: `))) return world
  return `${name} and ${texts.length - 1} more`
}
