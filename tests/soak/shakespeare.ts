// nanoGPT's CPU recipe on tiny Shakespeare, as a person would run it: `npm run proof:shakespeare -- FILE`.
// Its README reports a validation loss of 1.88 nats per character.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { andromeda } from '../fault/training-process.ts'

const LIMIT_NATS = 1.9

const [file] = process.argv.slice(2)
if (!file) throw new Error('give the text: npm run proof:shakespeare -- tinyshakespeare.txt')
const folder = mkdtempSync(join(tmpdir(), 'andromeda-shakespeare-'))
const at = ['--workspace', folder]
try {
  const { corpus } = await andromeda(['corpus', 'add', file, '--name', 'shakespeare', ...at]).json
  const training = andromeda([
    'pretrain',
    '--corpus',
    corpus as string,
    '--preset',
    'shakespeare-char-cpu',
    ...at,
  ])
  training.process.stderr?.pipe(process.stderr)
  const { steps, minutes, tokensPerSecond, valLoss, valBitsPerByte, weightsSha256 } = await training.json
  console.log(JSON.stringify({ steps, minutes, tokensPerSecond, valLoss, valBitsPerByte, weightsSha256 }))
  if (!((valLoss as number) <= LIMIT_NATS)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
