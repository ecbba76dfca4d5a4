// The desktop host: Electron around the core. Lifecycle only; every decision is in a file of its own, without Electron.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  app,
  type BrowserWindow,
  dialog,
  Menu,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  type WebContents,
} from 'electron'
import { sentence, toFacts } from '../../src-shared/contract/errors.ts'
import { labMethods, labTopics } from '../../src-shared/contract/lab-contract.ts'
import { createPeer } from '../../src-shared/contract/peer.ts'
import { type Lab, openLab } from '../core/lab.ts'
import { listPages } from '../core/pages/built-pages.ts'
import { defaultWorkspacePath } from '../core/workspace/workspace.ts'
import { APP_SCHEME } from './app-scheme.ts'
import { closingQuestion } from './closing.ts'
import { EngineWindow } from './engine-window.ts'
import { forgetSafeMode, isSafeMode, rememberSafeMode } from './gpu-memory.ts'
import { guardPages, guardSession } from './guards.ts'
import { serveIpc } from './ipc.ts'
import { menuTemplate } from './menu.ts'
import { noLosses, onLoss } from './recovery.ts'
import { SleepPause, Wakefulness } from './sleep.ts'
import { commandLineSwitches } from './switches.ts'
import { placeWindow, readWindowState, writeWindowState } from './window-state.ts'
import { openEnginePage, openUiWindow, roles, sendPort } from './windows.ts'

const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const inUserData = (file: string) => join(app.getPath('userData'), file)
const windowFile = inUserData('window.json')
const gpuFile = inUserData('gpu.json')
const version = `${app.getVersion()} on Electron ${process.versions.electron}`
const safeMode = isSafeMode(gpuFile, version)

// All of this must happen before Electron is ready.
for (const [name, value] of commandLineSwitches({ platform: process.platform, env: process.env, safeMode }))
  app.commandLine.appendSwitch(name, ...(value === undefined ? [] : [value]))
if (safeMode) app.disableHardwareAcceleration()
app.enableSandbox()
// Else two GPU crashes within two minutes lock our own pages out of WebGPU.
app.disableDomainBlockingFor3DAPIs()
protocol.registerSchemesAsPrivileged([
  {
    scheme: APP_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
])

if (!app.requestSingleInstanceLock()) {
  console.error('Andromeda is already running; its window comes to the front.')
  app.quit()
} else {
  guardPages(roles, devServer)
  // The hidden engine window comes and goes; leaving is decided in leaveInPeace.
  app.on('window-all-closed', () => {})
  app
    .whenReady()
    .then(start)
    .catch(error => {
      dialog.showErrorBox('Andromeda could not start', sentence(toFacts(error)))
      app.exit(1)
    })
}

async function start(): Promise<void> {
  guardSession(
    session.defaultSession,
    listPages(join(import.meta.dirname, '..', 'renderer')),
    roles,
    devServer,
  )
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { workspace: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const path = typeof values.workspace === 'string' ? values.workspace : defaultWorkspacePath()
  const engine = new EngineWindow(() => openEnginePage(devServer))
  // The engine's page may ask for its port while the workspace is still being opened.
  const opening = Promise.withResolvers<Lab>()
  serveIpc({
    roles,
    devServer,
    onConnect: {
      engine: contents => engine.connect(contents.id),
      ui: contents => void opening.promise.then(lab => connectUi(lab, contents)),
    },
    grantPath: file => lab.grantPath(file),
  })
  const lab = await openLab({ path, host: 'desktop', engineHost: engine })
  opening.resolve(lab)
  runApp(lab)
}

/** Serves one page of the UI until it is gone. */
function connectUi(lab: Lab, contents: WebContents): void {
  if (contents.isDestroyed()) return
  const peer = createPeer({
    transport: sendPort(contents),
    local: labMethods,
    handlers: lab.handlers,
    remote: {},
    incoming: {},
    outgoing: labTopics,
    onTopic: () => {},
  })
  const unsubscribe = lab.subscribe((topic, payload) => peer.publish(topic, payload))
  void peer.closed.then(unsubscribe)
}

function runApp(lab: Lab): void {
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea)
  const ui = openUiWindow(placeWindow(readWindowState(windowFile), displays), devServer)
  const show = () => {
    if (ui.isMinimized()) ui.restore()
    ui.show()
    ui.focus()
  }
  app.on('second-instance', show)
  app.on('activate', show)
  const retryGpu = () => {
    forgetSafeMode(gpuFile)
    app.relaunch()
    app.quit()
  }
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        developerTools: !app.isPackaged,
        retryGpu: safeMode ? retryGpu : undefined,
      }),
    ),
  )
  leaveInPeace(lab, ui)
  followTraining(lab, ui, show)
  followLosses(ui)
}

/** However the app is asked to end, what trains is paused with a checkpoint first. */
function leaveInPeace(lab: Lab, ui: BrowserWindow): void {
  let state: 'open' | 'asking' | 'leaving' = 'open'
  const leave = async () => {
    if (state === 'leaving') return
    state = 'leaving'
    writeWindowState(windowFile, { bounds: ui.getNormalBounds(), maximized: ui.isMaximized() })
    ui.setTitle('Andromeda · saving …')
    try {
      await lab.close()
      app.exit(0)
    } catch (error) {
      dialog.showErrorBox('Andromeda could not save everything', sentence(toFacts(error)))
      app.exit(1)
    }
  }
  const ask = async (from: 'window' | 'quit') => {
    if (state !== 'open') return
    const question = closingQuestion(lab.activeRuns(), from)
    if (!question) return leave()
    state = 'asking'
    const { answers, ...box } = question
    const { response } = await dialog.showMessageBox(ui, box)
    state = 'open'
    if (answers[response] === 'pause-and-quit') await leave()
    else if (answers[response] === 'background') ui.hide()
  }
  ui.on('close', event => {
    event.preventDefault()
    void ask('window')
  })
  app.on('before-quit', event => {
    event.preventDefault()
    void ask('quit')
  })
  // The system goes down: no time to ask.
  powerMonitor.on('shutdown', () => void leave())
  ui.on('session-end', () => void leave())
}

/** The computer stays awake, the task bar shows the progress, and sleep is survived. */
function followTraining(lab: Lab, ui: BrowserWindow, show: () => void): void {
  const wakefulness = new Wakefulness({
    start: () => powerSaveBlocker.start('prevent-app-suspension'),
    stop: id => powerSaveBlocker.stop(id),
  })
  const sleep = new SleepPause(lab)
  const report = (error: unknown) => console.error(sentence(toFacts(error)))
  powerMonitor.on('suspend', () => void sleep.suspend().catch(report))
  powerMonitor.on('resume', () => void sleep.resume().catch(report))
  lab.subscribe(topic => {
    if (topic !== 'run' || ui.isDestroyed()) return
    const [run] = lab.activeRuns()
    wakefulness.set(run !== undefined)
    ui.setProgressBar(run && run.steps > 0 ? run.step / run.steps : -1)
    if (run || ui.isVisible()) return
    // A program that has nothing left to do must not stay behind without a window.
    ui.showInactive()
    const notice = new Notification({ title: 'Andromeda', body: 'Training has ended.' })
    notice.on('click', show)
    notice.show()
  })
}

function followLosses(ui: BrowserWindow): void {
  let losses = noLosses
  const answerTo = (of: 'ui' | 'gpu') => {
    const next = onLoss(losses, of, performance.now())
    losses = next.losses
    return next.answer
  }
  ui.webContents.on('render-process-gone', (_, { reason }) => {
    if (reason === 'clean-exit') return
    const answer = answerTo('ui')
    if (answer.act === 'reload') setTimeout(() => ui.reload(), answer.afterMs)
    else if (answer.act === 'ask') void askAboutWindow(ui, reason)
  })
  app.on('child-process-gone', (_, { type, reason }) => {
    if (type !== 'GPU' || reason === 'clean-exit') return
    console.error(`The GPU process ended: ${reason}.`)
    if (answerTo('gpu').act === 'safe-mode') rememberSafeMode(gpuFile, version)
  })
}

async function askAboutWindow(ui: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Andromeda',
    message: `The window keeps crashing (${reason}).`,
    detail: 'Training goes on without it.',
    buttons: ['Reload', 'Quit'],
    cancelId: 0,
  })
  if (response === 0) ui.reload()
  else app.quit()
}
