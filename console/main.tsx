import './frame/mantine.css'
import './frame/styles.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { startDensity } from './frame/density.ts'
import { Root } from './frame/root.tsx'
import { whoIsIn } from './session/doors.ts'
import { startWords } from './words/words.ts'

const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
setNonce(nonce)
startDensity()
// Without an answer the sign-in is shown, and says what is wrong when it is tried.
const [found] = await Promise.all([whoIsIn().catch(() => undefined), startWords()])
createRoot(document.getElementById('console') as HTMLElement).render(<Root nonce={nonce} found={found} />)
