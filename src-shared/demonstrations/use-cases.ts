// What people ask a model for: the ten use cases of InstructGPT's API prompts and their shares (Ouyang et al. 2022, Table 1).

export interface UseCase {
  readonly id: string
  readonly title: string
  /** Share of the prompts that OpenAI's customers sent, 0–1. The table's column sums to 0.999. */
  readonly share: number
  readonly example: string
}

export const useCases = [
  {
    id: 'generation',
    title: 'Generation',
    share: 0.456,
    example: 'Write a short story about a lost letter.',
  },
  { id: 'open-qa', title: 'Open QA', share: 0.124, example: 'Who built the first lighthouse?' },
  { id: 'brainstorming', title: 'Brainstorming', share: 0.112, example: 'List five ideas for a rainy day.' },
  { id: 'chat', title: 'Chat', share: 0.084, example: 'Hello! How are you today?' },
  { id: 'rewrite', title: 'Rewrite', share: 0.066, example: 'Say this more politely: give me that.' },
  { id: 'summarization', title: 'Summarization', share: 0.042, example: 'Sum up this text in one line.' },
  { id: 'classification', title: 'Classification', share: 0.035, example: 'Is this review friendly or not?' },
  { id: 'other', title: 'Other', share: 0.035, example: 'What is 2 + 2?' },
  { id: 'closed-qa', title: 'Closed QA', share: 0.026, example: 'From the text: where does the baker live?' },
  { id: 'extract', title: 'Extract', share: 0.019, example: 'Take all place names out of this text.' },
] as const satisfies readonly UseCase[]

export type UseCaseId = (typeof useCases)[number]['id']
export const useCaseIds = useCases.map(({ id }) => id)
