// Shows a page: in a window of its own where a browser of Chromium's family is named, else in the person's browser.
import { spawn } from 'node:child_process'

/**
 * @param profile folder of the own window's browser profile; the address with its token stays out of the person's history
 * @param env CHROMIUM_PATH names the browser
 */
export function openInBrowser(
  url: string,
  profile: string,
  on: { onClosed: () => void; onFailed: (reason: string) => void },
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const { program, args, ownWindow } = browserCommand(
    url,
    profile,
    env.CHROMIUM_PATH,
    process.platform,
    process.getuid?.(),
  )
  const child = spawn(program, args, { stdio: 'ignore', detached: !ownWindow })
  child.on('error', error => on.onFailed(error.message))
  if (ownWindow)
    child.on('exit', code => (code === 0 ? on.onClosed() : on.onFailed(`it ended with code ${code}`)))
  else child.unref()
}

/** Pure: what is started. */
export function browserCommand(
  url: string,
  profile: string,
  chromium: string | undefined,
  platform: NodeJS.Platform,
  uid: number | undefined,
): { program: string; args: string[]; ownWindow: boolean } {
  if (chromium) {
    const args = [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
    ]
    // Chromium has no sandbox for root.
    if (platform === 'linux' && uid === 0) args.push('--no-sandbox')
    return { program: chromium, args, ownWindow: true }
  }
  if (platform === 'darwin') return { program: 'open', args: [url], ownWindow: false }
  // Not `start` of cmd, which would read & and # of the address.
  if (platform === 'win32')
    return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', url], ownWindow: false }
  return { program: 'xdg-open', args: [url], ownWindow: false }
}
