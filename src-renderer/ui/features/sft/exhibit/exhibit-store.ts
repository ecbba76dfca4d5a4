// The exhibit in the making and the job that fills it; they outlive switching tabs.
import { create } from 'zustand'
import { call } from '../../../lab.ts'
import { askedQuestions, type ExhibitDraft, emptyDraft } from './exhibit-draft.ts'

export const useExhibit = create<{ draft: ExhibitDraft; job: string | null }>(() => ({
  draft: emptyDraft,
  job: null,
}))

export const changeExhibit = (change: Partial<ExhibitDraft>): void =>
  useExhibit.setState(now => ({ draft: { ...now.draft, ...change } }))

/** @param models in the order they are shown */
export async function askModels(
  models: readonly { checkpoint: string; mode: 'template' | 'raw' }[],
  questions: readonly string[],
): Promise<void> {
  const { repeats, temperature, maxTokens, seed } = useExhibit.getState().draft
  const { job } = await call('exhibit.run', {
    models: [...models],
    questions: askedQuestions(questions),
    repeats: Number(repeats),
    temperature,
    maxTokens: Number(maxTokens),
    seed: Number(seed),
  })
  useExhibit.setState({ job })
}
