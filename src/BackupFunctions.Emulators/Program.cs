using BackupFunctions.Emulators;

return await EmulatorsCommand.Create().Parse(args).InvokeAsync();
