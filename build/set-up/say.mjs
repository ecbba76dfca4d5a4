// What the set-up tells a person. Always on stderr: stdout belongs to the command that runs afterwards.

/** @param {string} text one line */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** A reason to stop that a person can act on; printed without a stack. */
export class SetUpError extends Error {}

/**
 * Runs a script's main function: a SetUpError becomes one line and exit code 1.
 * @param {() => Promise<number>} main gives the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
