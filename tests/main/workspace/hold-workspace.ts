// A process that opens the workspace given, says how that went in one JSON line, and holds it until its input ends.

import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)
try {
  const workspace = openWorkspace(process.argv[2]!, 'browser')
  say({ opened: workspace.path, notes: workspace.notes })
  process.stdin.on('end', () => {
    workspace.close()
    process.exit(0)
  })
  process.stdin.resume()
} catch (error) {
  if (!(error instanceof LabError)) throw error
  say({ refused: error.facts, message: error.message })
}
