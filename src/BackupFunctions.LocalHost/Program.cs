using BackupFunctions.LocalHost;

return await LocalHostCommand.Create().Parse(args).InvokeAsync();
