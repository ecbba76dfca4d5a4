// One command from its arguments to its exit code: 0, 1 with a clear line on stderr, 2 for wrong usage.
import { type LabErrorFacts, sentence, toFacts } from '../../src-shared/contract/errors.ts'
import { PageEngineHost } from '../browser/page-engine-host.ts'
import type { EngineHost } from '../core/engine-supervisor/engine-host.ts'
import { openLab } from '../core/lab.ts'
import { defaultWorkspacePath } from '../core/workspace/workspace.ts'
import { UsageError } from './command.ts'
import { NodeEngineHost, noEngineHost } from './node-engine-host.ts'
import { type Invocation, parseCommandLine } from './program.ts'
import { Progress } from './progress.ts'
import { Session } from './session.ts'
import { escapeControls, jsonLine } from './text.ts'

/** A Ctrl+C reaches us from the terminal's group and again from whoever started us: within this time it is one. */
const SAME_PRESS_MS = 400
/** What shells report for a program that SIGINT ended. */
const INTERRUPTED = 130

const engineHosts: Readonly<Record<'node' | 'page' | 'none', () => EngineHost>> = {
  node: () => new NodeEngineHost(),
  page: () => new PageEngineHost(),
  none: () => noEngineHost,
}

/** @returns the exit code */
export async function run(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process
  // A reader that has seen enough, such as `head`, closes the pipe.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    const invocation = parseCommandLine(argv, {
      out: text => stdout.write(text),
      error: text => stderr.write(text),
    })
    return invocation ? await execute(invocation) : 0
  } catch (error) {
    if (error instanceof UsageError) {
      if (!error.told) stderr.write(`error: ${error.message}\n`)
      return 2
    }
    complain(toFacts(error))
    return 1
  }
}

async function execute({ command, args, options }: Invocation): Promise<number> {
  const { stdout, stderr } = process
  const json = options.json ?? false
  const engine = command.engine(options as never)
  const engineHost = engineHosts[engine]()
  const lab = await openLab({
    path: options.workspace ?? defaultWorkspacePath(),
    host: command.name === 'serve' ? 'browser' : 'terminal',
    engineHost,
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  })
  const session = new Session({ lab, engineHost, json, progress: new Progress(stderr), stdout })
  const signals = catchSignals(session)
  try {
    const { json: answer, text, failure } = await command.run(session, args, options as never)
    session.progress.clear()
    if (json && answer) stdout.write(`${jsonLine(answer)}\n`)
    else if (!json && text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    if (failure !== undefined) stderr.write(`andromeda: ${escapeControls(failure)}\n`)
    return failure === undefined ? 0 : 1
  } finally {
    await session.close()
    signals.release()
  }
}

/** The first signal stops what is under way and keeps its work; the second ends the program at once. */
function catchSignals(session: Session): { release(): void } {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let pressedMs: number | null = null
  const onSignal = async () => {
    if (pressedMs !== null && performance.now() - pressedMs < SAME_PRESS_MS) return
    if (pressedMs !== null) process.exit(INTERRUPTED)
    pressedMs = performance.now()
    try {
      if (await session.interrupt()) return
      await session.close()
    } catch (error) {
      complain(toFacts(error))
    }
    process.exit(INTERRUPTED)
  }
  for (const name of names) process.on(name, onSignal)
  return {
    release() {
      for (const name of names) process.off(name, onSignal)
    },
  }
}

function complain(facts: LabErrorFacts): void {
  process.stderr.write(`andromeda: ${escapeControls(sentence(facts)).replace(/\n/g, ' ')}\n`)
  // Our own mistake: what a bug report needs.
  if (facts.code === 'internal' && facts.details) process.stderr.write(`${escapeControls(facts.details)}\n`)
}
