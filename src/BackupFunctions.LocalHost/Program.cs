using BackupFunctions.LocalHost;

return await LocalHostCommand.RunAsync(args);
