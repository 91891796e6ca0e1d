import { useState } from 'react'

export const densities = ['comfortable', 'compact'] as const
type Density = (typeof densities)[number]

const kept = 'stonechat-density'
const isCompact = () => localStorage.getItem(kept) === 'compact'

const show = (density: Density) => {
  document.documentElement.dataset.density = density
}

export const startDensity = () => show(isCompact() ? 'compact' : 'comfortable')

/** How close the rows of tables stand. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, setDensity] = useState<Density>(isCompact() ? 'compact' : 'comfortable')
  return [
    density,
    chosen => {
      localStorage.setItem(kept, chosen)
      show(chosen)
      setDensity(chosen)
    },
  ]
}
