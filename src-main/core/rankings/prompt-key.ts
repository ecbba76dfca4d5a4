// Which side of the split a prompt stands on: a function of the prompt alone, so that equal prompts stay together, in
// whatever set they are, and a set that grows moves nothing from one side to the other.
import { createHash } from 'node:crypto'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'

/** The same for equal messages, whatever else is known of them; hexadecimal. */
export function promptKey(messages: readonly ChatMessage[]): string {
  const prompt = JSON.stringify(messages.map(({ role, content }) => [role, content]))
  return createHash('sha256').update(prompt).digest('hex')
}

/** Whether a prompt is kept out of training. @param share of prompts that are, 0–1 */
export const isValidationPrompt = (key: string, share: number): boolean =>
  Buffer.from(key.slice(0, 8), 'hex').readUInt32LE() / 2 ** 32 < share
