using BackupFunctions.Tokens;
using NetArchTest.Rules;

namespace BackupFunctions.Core.Tests.Tokens;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Azure")]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("System.Net.Http")]
    [InlineData("Duende.IdentityModel")]
    [InlineData("BackupFunctions.KeyVault")]
    [InlineData("BackupFunctions.Storage")]
    [InlineData("BackupFunctions.OAuth")]
    [InlineData("BackupFunctions.Http")]
    [InlineData("BackupFunctions.Vendors")]
    public void Tokens_knows_neither_HTTP_nor_Azure_nor_a_vendor(string dependency)
    {
        var tokens = Types
            .InAssembly(typeof(TokenBroker).Assembly)
            .That()
            .ResideInNamespaceStartingWith("BackupFunctions.Tokens");

        var result = tokens.ShouldNot().HaveDependencyOn(dependency).GetResult();

        Assert.NotEmpty(tokens.GetTypes());
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [InlineData("Microsoft.Azure.Functions")]
    [InlineData("BackupFunctions.LocalHost")]
    [InlineData("BackupFunctions.Emulators")]
    [InlineData("BackupFunctions.Functions")]
    public void Core_knows_no_host(string dependency)
    {
        var result = Types
            .InAssembly(typeof(TokenBroker).Assembly)
            .ShouldNot()
            .HaveDependencyOn(dependency)
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Core_refers_to_no_assembly_of_a_host()
    {
        var references = typeof(TokenBroker).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(references, name =>
            name.StartsWith("BackupFunctions", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
        );
    }
}
