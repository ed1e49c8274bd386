// What the template "ASP.NET Core Empty" makes, and nothing else: the start of LocalHost is measured beside its start.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "Hello World!");
app.Run();
