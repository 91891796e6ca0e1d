console.log('nothing derived yet')
