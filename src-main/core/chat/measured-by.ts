// Who measures an answer: the reward model that scores it, and the fine-tuned model that its KL is against.
import type { RewardChoice } from '../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { RunOrigin } from '../database/queries/chat-measures.ts'

type Checkpoint = Pick<CheckpointSummary, 'id' | 'run' | 'phase' | 'step' | 'best' | 'status'>

export class MeasuredBy {
  private readonly checkpoints: readonly Checkpoint[]
  private readonly byId: ReadonlyMap<string, Checkpoint>
  private readonly origins: ReadonlyMap<string, RunOrigin>

  /** @param checkpoints newest run first */
  constructor(checkpoints: readonly Checkpoint[], origins: readonly RunOrigin[]) {
    this.checkpoints = checkpoints
    this.byId = new Map(checkpoints.map(each => [each.id, each]))
    this.origins = new Map(origins.map(origin => [origin.run, origin]))
  }

  /**
   * @param columns checkpoints that answer side by side
   * @returns the reward model that the first RLHF run among them was trained with, else the newest of phase 3, else null;
   *   whatever was chosen instead
   */
  reward(choice: RewardChoice, columns: readonly string[]): string | null {
    if (choice === 'off') return null
    if (choice !== 'auto') return choice
    const trainedWith = columns
      .filter(column => this.byId.get(column)?.phase === 'ppo')
      .map(column => this.originOf(column)?.rewardModel)
      .find(model => model != null && this.byId.get(model)?.status === 'verified')
    if (trainedWith != null) return trainedWith
    const newest = this.checkpoints.find(each => each.phase === 'reward' && each.status === 'verified')
    return newest ? this.chosenOf(newest.run) : null
  }

  /**
   * The fine-tuned model that KL is against: of an RLHF model the one that it started from. A base, or the fine-tuned run
   * itself, is held against that of its own line: where an RLHF model of it stands beside, the one that this started from,
   * else the fine-tuned run's chosen checkpoint; of a base without one beside it, the newest run's.
   * @param columns checkpoints that answer side by side   @returns null = nothing was fine-tuned from its base
   */
  reference(checkpoint: string, columns: readonly string[]): string | null {
    const own = this.descent(checkpoint)
    const phase = this.byId.get(checkpoint)?.phase
    if (phase === 'ppo') return this.tunedIn(own) ?? null
    const family = this.runOf(own.at(-1)!)
    const run = this.runOf(checkpoint)
    const beside = columns
      .map(column => this.descent(column))
      .filter(line => this.runOf(line.at(-1)!) === family)
    for (const line of beside) {
      const tuned = this.byId.get(line[0]!)?.phase === 'ppo' ? this.tunedIn(line) : undefined
      if (tuned !== undefined && (phase === 'pretrain' || this.runOf(tuned) === run)) return tuned
    }
    if (phase === 'sft') return this.chosenOf(run)
    const tuned =
      beside.map(line => line[0]!).find(id => this.byId.get(id)?.phase === 'sft') ??
      this.checkpoints.find(
        each =>
          each.phase === 'sft' &&
          each.status === 'verified' &&
          this.runOf(this.descent(each.id).at(-1)!) === family,
      )?.id
    return tuned === undefined ? null : this.chosenOf(this.runOf(tuned))
  }

  /** The one to take of a run: its best where it was evaluated, else its newest. */
  private chosenOf(run: string): string | null {
    const own = this.checkpoints.filter(each => each.run === run && each.status === 'verified')
    return (own.find(each => each.best) ?? own.toSorted((a, b) => b.step - a.step)[0])?.id ?? null
  }

  /** The checkpoint and those that it was made from, itself first. */
  private descent(checkpoint: string): string[] {
    const line = [checkpoint]
    for (;;) {
      const parent = this.originOf(line.at(-1)!)?.parentCheckpoint ?? null
      if (parent === null || line.includes(parent)) return line
      line.push(parent)
    }
  }

  private tunedIn(line: readonly string[]): string | undefined {
    return line.find(id => this.byId.get(id)?.phase === 'sft')
  }

  private originOf(checkpoint: string): RunOrigin | undefined {
    return this.origins.get(this.runOf(checkpoint))
  }

  /** Of one that was deleted its name tells, which begins with its run's. */
  private runOf(checkpoint: string): string {
    return this.byId.get(checkpoint)?.run ?? checkpoint.replace(/-step-\d+$/, '')
  }
}
