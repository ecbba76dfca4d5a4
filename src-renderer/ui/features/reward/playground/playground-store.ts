// What is typed in the playground; it outlives switching tabs.
import { create } from 'zustand'
import type { LabErrorFacts } from '../../../../../src-shared/contract/errors.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { ScoredResponse } from '../../../../../src-shared/contract/reward-contract.ts'
import { toastUndo } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'

/** As many as the core scores at once. */
export const MOST_RESPONSES = 9
export const LONGEST_TEXT = 100_000

export interface Draft {
  readonly system: string
  readonly prompt: string
  readonly responses: readonly string[]
  /** Best first, instead of as typed. */
  readonly sorted: boolean
}

interface PlaygroundState {
  readonly draft: Draft
  /** Examples that were taken so far: the next one is another prompt. */
  readonly taken: number
}
export const usePlayground = create<PlaygroundState>(() => ({
  draft: { system: '', prompt: '', responses: ['', ''], sorted: false },
  taken: 0,
}))
const { getState, setState } = usePlayground

export const changeDraft = (change: Partial<Draft>): void =>
  setState(now => ({ draft: { ...now.draft, ...change } }))

export const writeResponse = (index: number, text: string): void =>
  changeDraft({ responses: getState().draft.responses.map((each, i) => (i === index ? text : each)) })

export const addResponse = (): void => changeDraft({ responses: [...getState().draft.responses, ''] })

/** Takes a response away; one that was written can be brought back to its place. */
export function removeResponse(index: number): void {
  const { responses } = getState().draft
  const text = responses[index]!
  changeDraft({ responses: responses.toSpliced(index, 1) })
  if (text !== '')
    toastUndo(`Removed response ${index + 1}.`, async () =>
      changeDraft({
        responses: getState().draft.responses.toSpliced(index, 0, text).slice(0, MOST_RESPONSES),
      }),
    )
}

/** What the core is asked: only responses with text, by their place; null = there is nothing to score yet. */
export function questionOf(
  { system, prompt, responses }: Draft,
  checkpoint: string | null,
): { places: number[]; request: ScoreRequest } | null {
  const places = responses.flatMap((text, i) => (text === '' ? [] : [i]))
  if (checkpoint === null || prompt.trim() === '' || places.length === 0) return null
  return {
    places,
    request: {
      checkpoint,
      ...(system.trim() === '' ? {} : { system }),
      prompt,
      responses: places.map(i => responses[i]!),
    },
  }
}
/** The same, response by response. */
export const requestsOf = ({ request }: { request: ScoreRequest }): ScoreRequest[] =>
  request.responses.map(response => ({ ...request, responses: [response] }))

/** What is known of the responses that were asked about. */
export interface Known {
  readonly scored: readonly { readonly place: number; readonly response: ScoredResponse }[]
  /** Those that cannot be scored as they stand. */
  readonly refused: readonly { readonly place: number; readonly why: string }[]
  /** What kept any from being scored, whatever stands in it. */
  readonly error: LabErrorFacts | null
}

/** @param places of the answers, in their order */
export function knownOf(
  places: readonly number[],
  answers: readonly {
    readonly data: { readonly responses: readonly ScoredResponse[] } | undefined
    readonly error: LabErrorFacts | null
  }[],
): Known {
  const all = answers.map(({ data, error }, i) => ({
    place: places[i]!,
    response: data?.responses[0],
    error,
  }))
  return {
    scored: all.flatMap(({ place, response, error }) => (response && !error ? [{ place, response }] : [])),
    refused: all.flatMap(({ place, error }) =>
      error?.code === 'bad-input' ? [{ place, why: whyNot(error) }] : [],
    ),
    error: all.find(({ error }) => error && error.code !== 'bad-input')?.error ?? null,
  }
}

const whyNot = ({ what, expected, got }: LabErrorFacts): string =>
  `${what}${got === undefined || expected === undefined ? '' : `: ${got}, where it takes ${expected}`}`

export interface ScoreRequest {
  checkpoint: string
  system?: string
  prompt: string
  responses: string[]
}

/**
 * Takes the next prompt of these sets with its responses, in their order.
 * @returns whether there was one
 */
export async function takeExample(sets: readonly Pick<PreferenceSet, 'id' | 'sampled'>[]): Promise<boolean> {
  const full = sets.filter(set => set.sampled > 0)
  if (full.length === 0) return false
  const { taken } = getState()
  setState({ taken: taken + 1 })
  const set = full[taken % full.length]!
  const offset = Math.floor(taken / full.length) % set.sampled
  const { rows } = await call('preferences.prompts', { set: set.id, offset, limit: 1 })
  const [row] = rows
  if (!row || row.responses.length === 0) return false
  changeDraft({
    system: row.messages.find(message => message.role === 'system')?.content ?? '',
    prompt: row.messages.at(-1)!.content,
    responses: row.responses.slice(0, MOST_RESPONSES).map(response => response.text),
  })
  return true
}
