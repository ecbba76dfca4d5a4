// The commands: a table, one row each. Adding one is a file in commands/ and its row here.
import type { AnyCommand } from './command.ts'
import { bench } from './commands/bench.ts'
import { chat } from './commands/chat.ts'
import { checkpointList, checkpointVerify } from './commands/checkpoint.ts'
import { corpusAdd, corpusList, corpusRemove, corpusShow } from './commands/corpus.ts'
import { demo } from './commands/demo.ts'
import {
  demonstrationsAdd,
  demonstrationsExport,
  demonstrationsList,
  demonstrationsPreview,
  demonstrationsRemove,
  demonstrationsShow,
} from './commands/demonstrations.ts'
import { doctor } from './commands/doctor.ts'
import { evaluate } from './commands/evaluate.ts'
import { generate } from './commands/generate.ts'
import { ppo } from './commands/ppo.ts'
import { pretrain } from './commands/pretrain.ts'
import { rankExport, rankImport, rankList, rankPreview, rankRemove, rankShow } from './commands/rank.ts'
import { rankCreate, rankSample } from './commands/rank-create.ts'
import { rankAgreement, rankSimulate } from './commands/rank-labelers.ts'
import { rankStart } from './commands/rank-start.ts'
import { reward } from './commands/reward.ts'
import { runsDiff, runsList, runsShow } from './commands/runs.ts'
import { score } from './commands/score.ts'
import { serve } from './commands/serve.ts'
import { sft } from './commands/sft.ts'
import { tokenizerDecode, tokenizerEncode, tokenizerList, tokenizerTrain } from './commands/tokenizer.ts'

export const commands: readonly AnyCommand[] = [
  doctor,
  demo,
  corpusAdd,
  corpusList,
  corpusShow,
  corpusRemove,
  tokenizerTrain,
  tokenizerEncode,
  tokenizerDecode,
  tokenizerList,
  demonstrationsAdd,
  demonstrationsList,
  demonstrationsShow,
  demonstrationsPreview,
  demonstrationsExport,
  demonstrationsRemove,
  pretrain,
  sft,
  rankCreate,
  rankSample,
  rankStart,
  rankImport,
  rankPreview,
  rankSimulate,
  rankList,
  rankShow,
  rankAgreement,
  rankExport,
  rankRemove,
  reward,
  ppo,
  score,
  generate,
  chat,
  evaluate,
  runsList,
  runsShow,
  runsDiff,
  checkpointList,
  checkpointVerify,
  bench,
  serve,
]

/** What the words that begin several commands stand for. */
export const groups: Readonly<Record<string, string>> = {
  corpus: 'texts to learn from',
  demonstrations: 'prompts with their responses, for fine-tuning',
  rank: 'answers of a model, ranked by people: what a reward model learns from',
  tokenizer: 'text to tokens and back',
  runs: 'what was trained, and how',
  checkpoint: 'the models that runs have saved',
}
