/** Names are unique without regard to case; of what a name may hold, only ASCII letters have one. */
export const usernameKey = (username: string) => username.toLowerCase()
