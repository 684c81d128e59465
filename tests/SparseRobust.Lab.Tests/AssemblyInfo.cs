// LibTorch's random generator and thread count belong to the process: two trainings side by side would disturb each other's numbers.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
