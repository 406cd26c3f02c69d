import { Text } from 'ink'
import { memo } from 'react'

/** One row of the screen: painted and cut to the window already, so Ink neither wraps nor measures it anew. */
export const Row = memo(function Row({ text }: { text: string }) {
	return <Text>{text}</Text>
})
