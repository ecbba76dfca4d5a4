// `npm run dev`: the desktop app from the sources, the screens reloading as they are edited.
import { spawn } from 'node:child_process'
import { browserNeedsNoSandbox } from './set-up/browser.mjs'
import { setUpElectron } from './set-up/electron.mjs'
import { environment, root, tool } from './set-up/project.mjs'
import { runMain, SetUpError } from './set-up/say.mjs'
import { setUp } from './set-up.mjs'

await runMain(async () => {
  const node = await setUp({ skipBuild: true })
  if (!(await setUpElectron(node)))
    throw new SetUpError(
      '`npm run dev` needs Electron; `npm start` opens the built app in a browser without it.',
    )
  const sandbox = browserNeedsNoSandbox() ? ['--noSandbox'] : []
  const child = spawn(node, [tool('electron-vite'), 'dev', '--watch', ...sandbox], {
    cwd: root,
    env: environment(node),
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
})
