// The responses of prompts that are sampled here, batch by batch.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { PreferenceResponse } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'
import { isGiven } from './preference-prompt-rows.ts'

/** Gives prompts their responses, all of them or none. */
export function saveResponses(
  db: Db,
  set: string,
  sampled: readonly { readonly number: number; readonly responses: readonly PreferenceResponse[] }[],
): void {
  transaction(db, () => {
    for (const { number, responses } of sampled) {
      statement(db, 'UPDATE preference_texts SET responses = ? WHERE set_id = ? AND number = ?').run(
        JSON.stringify(responses),
        set,
        number,
      )
      statement(db, 'UPDATE preference_prompts SET sampled = ? WHERE set_id = ? AND number = ?').run(
        responses.length,
        set,
        number,
      )
    }
  })
}

/** How far the sampling of a set is, removed prompts counted: with the others they make the batches that they always made. */
export const samplingState = (
  db: Db,
  set: string,
): { prompts: number; sampled: number; next: number | null } =>
  statement<{ prompts: number; sampled: number; next: number | null }>(
    db,
    `SELECT count(*) AS prompts, total(sampled > 0) AS sampled, min(iif(sampled = 0, number, NULL)) AS next
     FROM preference_prompts WHERE set_id = @set AND ${isGiven}`,
  ).get({ set })!

/** Prompts without responses from `from` to below `to`, removed ones too. */
export const promptsToSample = (
  db: Db,
  set: string,
  from: number,
  to: number,
): { number: number; messages: ChatMessage[]; responses: PreferenceResponse[]; isRemoved: boolean }[] =>
  statement<{ number: number; messages: string; responses: string; removed: number }>(
    db,
    `SELECT number, messages, responses, removed_at IS NOT NULL AS removed
     FROM preference_prompts JOIN preference_texts USING (set_id, number)
     WHERE set_id = @set AND number >= @from AND number < @to AND sampled = 0 AND ${isGiven} ORDER BY number`,
  )
    .all({ set, from, to })
    .map(row => ({
      number: row.number,
      messages: JSON.parse(row.messages) as ChatMessage[],
      responses: JSON.parse(row.responses) as PreferenceResponse[],
      isRemoved: row.removed !== 0,
    }))
