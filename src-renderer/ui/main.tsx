// Entry of index.html: connect, restore what the person had set, draw.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import 'katex/dist/katex.min.css'
import './theme.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { toastError } from './components/toast.tsx'
import { followEngineFrame } from './engine-frame.ts'
import { connect } from './lab.ts'
import { followTopics } from './queries.ts'

// What no screen caught is shown all the same, never lost in a console.
window.addEventListener('unhandledrejection', event => toastError(event.reason))

followTopics()
followEngineFrame()
void connect()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
