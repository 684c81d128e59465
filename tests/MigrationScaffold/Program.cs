using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal;
using SparseRobust.Web.Persistence;

// dotnet run --project tests/MigrationScaffold -- AddSomething
if (args is not [var name])
{
    Console.Error.WriteLine("Say the migration's name: dotnet run --project tests/MigrationScaffold -- AddSomething");
    return 2;
}

var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../migrations"));
await using var db = new LabDb(new DbContextOptionsBuilder<LabDb>().UseNpgsql("Host=nowhere").Options);
var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(db);
new NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
await using var provider = services.BuildServiceProvider();
var scaffolder = provider.GetRequiredService<IMigrationsScaffolder>();
var migration = scaffolder.ScaffoldMigration(name, "SparseRobust.Web", "Persistence.Migrations", "C#", false);
Directory.CreateDirectory(folder);
await File.WriteAllTextAsync(Path.Combine(folder, $"{migration.MigrationId}.cs"), migration.MigrationCode);
await File.WriteAllTextAsync(Path.Combine(folder, $"{migration.MigrationId}.Designer.cs"), migration.MetadataCode);
await File.WriteAllTextAsync(Path.Combine(folder, $"{migration.SnapshotName}.cs"), migration.SnapshotCode);
Console.WriteLine($"{folder}/{migration.MigrationId}.cs");
return 0;
