// The command line as commander knows it, made from the table of commands.
import { Command, CommanderError } from 'commander'
import { version } from '../../package.json' with { type: 'json' }
import { backendChoice } from '../../src-shared/contract/device-info.ts'
import { type AnyCommand, atLeastOne, type GlobalOptions, UsageError } from './command.ts'
import { commands, groups } from './commands.ts'

/** What was asked for. */
export interface Invocation {
  readonly command: AnyCommand
  readonly args: readonly string[]
  readonly options: GlobalOptions & Record<string, unknown>
}

/**
 * @param print where help (stdout) and complaints (stderr) go
 * @returns undefined when only help or the version was asked for
 * @throws UsageError
 */
export function parseCommandLine(
  argv: readonly string[],
  print: { out(text: string): void; error(text: string): void },
): Invocation | undefined {
  let invocation: Invocation | undefined
  const program = new Command('andromeda')
    .description('Build a ChatGPT-like model on one laptop, offline, and see why every phase exists.')
    .version(version)
    .option('--workspace <folder>', 'where everything is kept')
    .option(
      '--threads <n>',
      'CPU threads that compute; as many as cores by default. They change no bit',
      atLeastOne,
    )
    .option('--json', 'one JSON object on stdout, last, and nothing else there')
    .configureOutput({ writeOut: print.out, writeErr: print.error })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help to see what it takes.')
    .exitOverride()
  program.addOption(
    program
      .createOption('--backend <backend>', 'what computes')
      .choices(backendChoice.options.filter(choice => choice !== 'auto')),
  )
  for (const command of commands) {
    const [first, second] = command.name.split(' ') as [string, string?]
    const parent = second === undefined ? program : groupOf(program, first)
    const leaf = parent
      .command(second ?? first)
      .description(command.summary)
      .action(() => {
        invocation = { command, args: leaf.args, options: leaf.optsWithGlobals() }
      })
    command.declare(leaf)
  }
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    throw new UsageError(error.message, { cause: error, told: true })
  }
  return invocation
}

function groupOf(program: Command, name: string): Command {
  return (
    program.commands.find(command => command.name() === name) ??
    program.command(name).description(groups[name] ?? '')
  )
}
