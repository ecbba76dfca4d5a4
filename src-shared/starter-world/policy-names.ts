// Names of the simulated labelers' policies (labeler.ts), apart from what they do: a contract needs no world.
export const policyNames = ['truth-then-style', 'longer-wins', 'shorter-wins'] as const
export type PolicyName = (typeof policyNames)[number]
