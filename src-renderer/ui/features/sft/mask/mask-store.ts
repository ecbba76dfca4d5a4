// What the mask x-ray looks at: a conversation, through which model's tokenizer and context. It outlives switching tabs.
import { create } from 'zustand'
import type { ChatMessage } from '../../../../../src-shared/contract/demonstrations-contract.ts'

interface MaskState {
  readonly messages: readonly ChatMessage[]
  /** null = the base that fine-tuning starts from. */
  readonly checkpoint: string | null
  /** Sets whose refused rows are listed; null = all. */
  readonly sets: readonly string[] | null
}

export const useMask = create<MaskState>(() => ({
  messages: [
    { role: 'user', content: 'Which is the nearest star?' },
    { role: 'assistant', content: 'The Sun.' },
  ],
  checkpoint: null,
  sets: null,
}))

export const showMask = (messages: readonly ChatMessage[]): void => useMask.setState({ messages })
export const lookThrough = (checkpoint: string): void => useMask.setState({ checkpoint })
export const listSets = (sets: readonly string[] | null): void => useMask.setState({ sets })
