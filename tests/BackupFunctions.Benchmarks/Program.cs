using BackupFunctions.Benchmarks;

return await BenchmarksCommand.Create().Parse(args).InvokeAsync();
