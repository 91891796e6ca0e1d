/** What the numbers of `platform` mean; 0 is unknown. */
export const platforms = ['unknown', 'ios', 'android', 'windows', 'mac', 'linux', 'web']
