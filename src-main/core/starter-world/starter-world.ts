// Puts the starter world's sources into the workspace, each as a corpus of its own, so that the mixture can be seen and changed.
import { sources, writeDocuments } from '../../../src-shared/starter-world/documents.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import type { Corpora } from '../corpora/corpora.ts'
import type { JobControl } from '../jobs/jobs.ts'

/** Documents over all sources: about 2 MB of text, as the prototype used. */
export const STARTER_WORLD_DOCUMENTS = 12_000

export interface StarterWorldCorpora {
  readonly seed: number
  /** `weight` gives every source the share of its own size. */
  readonly corpora: readonly { readonly corpus: string; readonly source: string; readonly weight: number }[]
}

/** @param seed of the world   @throws LabError `cancelled`; what was made by then stays */
export async function createStarterWorld(
  corpora: Corpora,
  seed: number,
  documents: number,
  job: JobControl,
): Promise<StarterWorldCorpora> {
  const world = makeWorld(seed)
  const made: StarterWorldCorpora['corpora'][number][] = []
  for (const [i, source] of sources.entries()) {
    job.progress({ done: i, total: sources.length, unit: 'sources', note: source.name })
    const texts = writeDocuments(world, source, documents)
    const { corpus, bytes } = await corpora.createFrom({
      name: `Starter world ${seed}: ${source.name}`,
      kind: 'starter-world',
      documents: named(texts, source.name),
      job: { signal: job.signal, progress: () => {} },
    })
    made.push({ corpus, source: source.name, weight: bytes })
  }
  return { seed, corpora: made }
}

function* named(
  texts: Iterable<string>,
  file: string,
): Generator<{ text: string; file: string; line: number }> {
  let line = 1
  for (const text of texts) yield { text, file, line: line++ }
}
