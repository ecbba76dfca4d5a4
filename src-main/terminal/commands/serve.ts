// serve: the lab in a browser of this machine, until Ctrl+C.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError } from 'commander'
import { startBrowserHost } from '../../browser/browser-host.ts'
import { PageEngineHost } from '../../browser/page-engine-host.ts'
import { count, type TerminalCommand } from '../command.ts'
import { openInBrowser } from '../open-in-browser.ts'

interface Options {
  port?: number
  engine: 'page' | 'node'
  open?: boolean
}

const port = (text: string): number => {
  const value = count(text)
  if (value > 65_535) throw new InvalidArgumentError('A port is at most 65535.')
  return value
}

export const serve: TerminalCommand<Options> = {
  name: 'serve',
  summary: 'open the lab in a browser of this machine',
  engine: ({ engine }) => engine,
  declare(command) {
    command
      .option('--port <port>', 'by default any free one', port)
      .option('--open', 'open the page in a browser window')
      .addOption(
        command
          .createOption('--engine <where>', 'in the page, or in Node')
          .choices(['page', 'node'])
          .default('page'),
      )
  },
  async run(session, _, { port, open }) {
    const { engineHost, lab } = session
    const host = await startBrowserHost({
      lab,
      rendererFolder: rendererFolder(),
      ...(port === undefined ? {} : { port }),
      ...(engineHost instanceof PageEngineHost ? { pageEngine: engineHost } : {}),
    })
    const stopped = Promise.withResolvers<void>()
    session.write(`${host.url}\n`)
    session.announce({ url: host.url })
    session.progress.note(
      'Serving on this machine only; whoever has this address has the lab. Ctrl+C ends it.',
    )
    if (open)
      openInBrowser(host.url, join(lab.workspacePath, 'browser'), {
        onClosed: () => stopped.resolve(),
        onFailed: reason =>
          session.progress.note(`No browser was opened (${reason}): open the address yourself.`),
      })
    try {
      await session.until(stopped.promise, () => stopped.resolve())
      const active = lab.activeRuns().length
      if (active > 0)
        session.progress.note(`Pausing ${active === 1 ? 'the run' : `${active} runs`} with a checkpoint.`)
    } finally {
      // The lab is closed after this: an engine in a page must live until its checkpoint is written.
      session.onClosed(() => host.close())
    }
    return { json: null, text: '' }
  },
}

/** out/renderer: beside out/main when built, else below the project. */
const rendererFolder = (): string =>
  fileURLToPath(
    import.meta.url.endsWith('.ts')
      ? new URL('../../../out/renderer', import.meta.url)
      : new URL('../renderer', import.meta.url),
  )
