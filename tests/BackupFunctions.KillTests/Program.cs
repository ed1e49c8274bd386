using BackupFunctions.KillTests;

return await KillCommand.Create().Parse(args).InvokeAsync();
