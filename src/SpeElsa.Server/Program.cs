using SpeElsa.Server.Startup;

return await ServerProgram.RunAsync(args);
