// A conversation's turns as a tree: every turn follows one, or begins anew; an edited prompt is a branch beside the first.
interface Turn {
  readonly id: number
  readonly parent: number | null
}

/** From a first turn to `last`. */
export function pathTo<T extends Turn>(turns: readonly T[], last: number): T[] {
  const byId = new Map(turns.map(turn => [turn.id, turn]))
  const path: T[] = []
  for (let turn = byId.get(last); turn; turn = turn.parent === null ? undefined : byId.get(turn.parent))
    path.push(turn)
  return path.reverse()
}

/** Ids of the turns that follow `parent`, oldest first. */
export const branchesAt = (turns: readonly Turn[], parent: number | null): number[] =>
  turns
    .filter(turn => turn.parent === parent)
    .map(({ id }) => id)
    .sort((a, b) => a - b)

/** The last turn after `from` when the newest branch is taken everywhere; `from` itself where nothing follows. */
export function newestLeaf(turns: readonly Turn[], from: number): number {
  const newestChild = new Map<number | null, number>()
  for (const { id, parent } of turns) newestChild.set(parent, Math.max(id, newestChild.get(parent) ?? 0))
  let leaf = from
  for (let next = newestChild.get(leaf); next !== undefined; next = newestChild.get(leaf)) leaf = next
  return leaf
}
