// A screen that throws while drawing shows its error in its own place; the rail, the status bar and the run live on.
import { Component, type ReactNode } from 'react'
import { type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import { ErrorNote } from './error-note.tsx'

export class ScreenBoundary extends Component<{ children: ReactNode }, { error: LabErrorFacts | null }> {
  override state: { error: LabErrorFacts | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: LabErrorFacts } {
    return { error: toFacts(error) }
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children
    return (
      <div style={{ padding: 'var(--mantine-spacing-md)' }}>
        <ErrorNote
          error={this.state.error}
          retry={{ label: 'Draw this screen again', run: () => this.setState({ error: null }) }}
        />
      </div>
    )
  }
}
