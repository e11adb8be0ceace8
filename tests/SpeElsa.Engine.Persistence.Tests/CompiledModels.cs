using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>Holds the model that a context starts with, which is compiled, against the one that its code describes.</summary>
internal static class CompiledModels
{
    /// <summary>Fails when the compiled model is older than the context.</summary>
    public static void AssertUpToDate(DbContext context)
    {
        Assert.IsType<RuntimeModel>(context.Model, exactMatch: false);
        Assert.Contains("CompiledModel", context.Model.GetType().FullName, StringComparison.Ordinal);
        var described = Describe(context.GetService<IDesignTimeModel>().Model);

        Assert.NotEmpty(described);
        Assert.Equal(described, Describe(context.Model));
    }

    private static string[] Describe(IReadOnlyModel model) =>
    [
        .. model.GetEntityTypes().SelectMany(type => type.GetProperties()
            .Select(property => $"{type.GetTableName()}.{property.GetColumnName()} {property.Name} {property.ClrType} {property.GetColumnType()} {property.IsNullable} {property.GetMaxLength()} {property.GetTypeMapping().Converter?.ProviderClrType} {property.IsConcurrencyToken} {property.ValueGenerated}")
            .Concat(type.GetKeys().Select(key => $"{type.GetTableName()} key {Names(key.Properties)} {key.IsPrimaryKey()}"))
            .Concat(type.GetIndexes().Select(index => $"{type.GetTableName()} index {Names(index.Properties)} {index.IsUnique}"))
            .Concat(type.GetForeignKeys().Select(reference => $"{type.GetTableName()} to {reference.PrincipalEntityType.GetTableName()} {Names(reference.Properties)} {reference.DeleteBehavior}")))
            .Order(StringComparer.Ordinal),
    ];

    private static string Names(IEnumerable<IReadOnlyProperty> properties) => string.Join(",", properties.Select(property => property.Name));
}
